// What the driver sees of a notebook's page. Python asks `eyes.<name>()`, and judges.

window.eyes = (() => {
    const CONTROLS = {                      // what is moved, and what takes the keys inside it
        '.widget-slider': '.noUi-handle',
        '.widget-dropdown': 'select',
        '.widget-select': 'select',
        '.widget-checkbox': 'input',
        '.widget-radio': 'input',
        '.widget-toggle-buttons': 'button',
        '.widget-text': 'input',
        '.widget-textarea': 'textarea',
        '.widget-toggle-button': null,
        '.widget-button': null,
    };
    const ALL = Object.keys(CONTROLS).join(', ');
    const FOCUS = 'button, input, select, textarea, [contenteditable=true], [tabindex="0"]';
    const READOUT = '.widget-readout[contenteditable=true]';
    const AREA = '.jp-OutputArea-child';
    const LIKE = 12;                        // levels of 255 that a JPEG of one colour may differ
    const sleep = ms => new Promise(done => setTimeout(done, ms));
    const seen = e => e.getClientRects().length && e.getBoundingClientRect().height > 0;
    const cells = kind => [...document.querySelectorAll(`.jp-Notebook .jp-${kind}Cell`)];
    const cellOf = e => cells('Code').indexOf(e.closest('.jp-CodeCell')) + 1;

    // the pixels of a picture or a film, or null where it has none
    function pixels(e) {
        const width = e.naturalWidth || e.videoWidth, height = e.naturalHeight || e.videoHeight;
        if (!width) return null;
        const pen = Object.assign(document.createElement('canvas'), {width, height})
            .getContext('2d', {willReadFrequently: true});
        pen.drawImage(e, 0, 0);
        return {width, height, data: pen.getImageData(0, 0, width, height).data};
    }

    // the share of a picture's rows in which anything is drawn: 0 is one single colour
    function drawn(image) {
        const {width, height, data} = pixels(image);
        const unlike = (at, first) => [0, 1, 2].some(
            c => Math.abs(data[at + c] - data[first + c]) > LIKE);
        let rows = 0;
        for (let y = 0; y < height; y++) {
            for (let x = 0; x < width; x++) {
                if (unlike(4 * (y * width + x), 4 * y * width)) { rows++; break; }
            }
        }
        const corner = [...Array(height).keys()].some(y => unlike(4 * y * width, 0));
        return rows || corner ? Math.max(rows, 1) / height : 0;
    }

    function picture(image) {
        const box = image.getBoundingClientRect();
        const room = image.closest('.jp-OutputArea-output, .jp-MarkdownOutput');
        const shape = image.naturalWidth && image.naturalHeight / image.naturalWidth;
        const kept = ['contain', 'scale-down'].includes(getComputedStyle(image).objectFit);
        return {natural: image.naturalWidth, shown: box.width,
                room: room.getBoundingClientRect().width,
                skew: kept ? 1 : box.height / box.width / shape,
                drawn: image.naturalWidth ? drawn(image) : 0};
    }

    // words that do not fit their box or the page: names of controls, values, a widget's line
    const cut = root => [...root.querySelectorAll('.widget-label, .widget-readout')].filter(e => {
        const room = e.closest('.jp-OutputArea-output').getBoundingClientRect().right;
        return seen(e) && (e.scrollWidth > e.clientWidth + 1
                           || e.getBoundingClientRect().right > room + 1);
    }).map(e => e.textContent);

    // what a widget says besides its picture
    const said = root => [...root.querySelectorAll('div.widget-label, .widget-html-content, pre')]
        .map(e => e.textContent).join('\n');

    function value(handle) {
        const of = selector => [...handle.closest(selector).querySelectorAll('input, button')];
        if (handle.matches('.noUi-handle')) return handle.getAttribute('aria-valuetext');
        if (handle.matches('select')) return handle.selectedIndex;
        if (handle.matches(READOUT)) return handle.textContent.replace('\u2212', '-');   // minus
        if (handle.closest('.widget-radio')) return of('.widget-radio').findIndex(e => e.checked);
        if (handle.closest('.widget-toggle-buttons'))
            return of('.widget-toggle-buttons').findIndex(e => e.matches('.mod-active'));
        if (handle.type === 'checkbox') return handle.checked;
        return handle.matches('button') ? NaN : handle.value;     // a press is always a change
    }

    // every control of every widget, marked so that Python can press its keys
    function controls() {
        const found = [];
        const note = (handle, control, kind) => {
            handle.dataset.eye = found.length;
            const words = [...control.querySelectorAll('label'), control]
                .map(e => e.textContent.replace(/[\s\u200b]+/g, ' ').trim());
            const knob = control.querySelector('.noUi-handle');
            const many = control.querySelectorAll('option, input[type=radio], button').length;
            found.push({
                cell: cellOf(control), kind, value: value(handle), count: many,
                name: words.find(Boolean) || control.title,
                low: knob && Number(knob.getAttribute('aria-valuemin')),
                high: knob && Number(knob.getAttribute('aria-valuemax')),
            });
        };
        for (const control of document.querySelectorAll(ALL)) {
            if (!control.closest(AREA) || control.parentElement.closest(ALL)) continue;
            const [kind, inside] = Object.entries(CONTROLS).find(([k]) => control.matches(k));
            const handles = inside ? [...control.querySelectorAll(inside)] : [control];
            const group = control.matches('.widget-radio, .widget-toggle-buttons');
            for (const h of group ? handles.slice(0, 1) : handles)
                note(h, control, h.type === 'number' ? 'number' : kind.slice(8));
            const readout = control.querySelector(READOUT);
            if (readout && seen(readout)) note(readout, control, 'readout');
        }
        for (const e of document.querySelectorAll(`${AREA} .jupyter-widgets`)) {
            for (const one of [e, ...e.querySelectorAll(FOCUS)])
                if (one.matches(FOCUS) && seen(one) && !one.closest(ALL) && !one.dataset.eye)
                    note(one, one, 'unknown');
        }
        return found;
    }

    // before a key is pressed: from now on, when do the picture and the words change?
    let now = {};
    for (const kind of ['keydown', 'input', 'click'])
        document.addEventListener(kind, () => { now.pressed = performance.now(); }, true);

    function watch(index) {
        now.stop && now.stop();
        const handle = document.querySelector(`[data-eye="${index}"]`);
        const root = handle.closest(AREA), words = said(root), mine = now = {
            handle, root, value: value(handle), pressed: performance.now(),
            picture: null, words: null};
        const loaded = () => { mine.picture ??= performance.now() - mine.pressed; };
        const spoken = () => {
            if (said(root) !== words) mine.words ??= performance.now() - mine.pressed;
        };
        const observer = new MutationObserver(spoken);
        observer.observe(root, {subtree: true, childList: true, characterData: true});
        root.addEventListener('load', loaded, true);
        mine.stop = () => {
            observer.disconnect();
            root.removeEventListener('load', loaded, true);
        };
    }

    // choose by place: the keys that do it in a menu, and a click elsewhere, for JupyterLab keeps
    // the arrow keys of lists and buttons to itself
    function choose(index, place) {
        const handle = document.querySelector(`[data-eye="${index}"]`);
        if (handle.matches('.widget-dropdown select')) {
            const steps = place - handle.selectedIndex;
            const arrow = steps > 0 ? 'ArrowDown' : 'ArrowUp';
            return ['Space', ...Array(Math.abs(steps)).fill(arrow), 'Enter'];
        }
        if (handle.matches('select')) {
            handle.selectedIndex = place;
            handle.dispatchEvent(new Event('input', {bubbles: true}));
            handle.dispatchEvent(new Event('change', {bubbles: true}));
        } else {
            const group = handle.closest('.widget-radio, .widget-toggle-buttons');
            group.querySelectorAll('input, button')[place].click();
        }
        return [];
    }

    // after it: what came, in how many milliseconds, and how it looks
    async function answer(limit) {
        const mine = now, since = () => performance.now() - mine.pressed;
        const moved = () => value(mine.handle) !== mine.value;
        while (mine.picture === null && !(mine.words !== null && since() > mine.words + 300)
               && since() < (moved() ? limit : 200)) await sleep(4);
        mine.stop();
        return {took: mine.picture ?? mine.words, moved: moved(), value: String(value(mine.handle)),
                said: said(mine.root), cut: cut(mine.root),
                pictures: [...mine.root.querySelectorAll('img')].map(picture)};
    }

    // marks of Markdown that stand in the text as they were typed, and formulas that failed
    function raw(place) {
        const copy = place.cloneNode(true);
        copy.querySelectorAll('code, pre, mjx-container').forEach(e => e.remove());
        const marks = /#{2,} .{0,30}|\*\*\S.{0,30}|\]\(.{0,30}|\$.{0,30}\$/g;
        const lists = [...copy.querySelectorAll('ol')].filter(e => e.start > 9);
        const failed = place.querySelectorAll('mjx-merror, [data-mjx-error], '
                                              + 'mjx-container [style*="color: red"]');
        return [...(copy.textContent.match(marks) || []),
                ...lists.map(e => `${e.start}. ${e.textContent.trim().slice(0, 30)}`),
                ...[...failed].map(e => `formula ${e.textContent.slice(0, 30)}`)];
    }

    // what every cell shows; code cells are counted apart, as JupyterLab counts them
    const shows = () => ['Code', 'Markdown'].flatMap(kind => cells(kind).map((cell, i) => {
        const place = cell.querySelector('.jp-OutputArea, .jp-MarkdownOutput');
        const all = selector => place ? [...place.querySelectorAll(selector)] : [];
        return {cell: `${kind.toLowerCase()} cell ${i + 1}`, code: kind === 'Code',
                pictures: all('img').map(picture), cut: place ? cut(place) : [],
                drawn: all('img, canvas').filter(seen).length,
                films: all('video').filter(seen).length,
                words: place ? place.innerText.trim().length : 0,
                raw: place && kind === 'Markdown' ? raw(place) : [],
                scrolled: all('.jp-mod-outputsScrolled').length
                          + cell.matches('.jp-mod-outputsScrolled')};
    }));

    // does a film that was started go on, with frames that differ?
    async function film(video, limit) {
        const end = performance.now() + limit, most = {time: 0, change: 0};
        let first = null, begun = null;
        while (performance.now() < end && !(most.time > 0.2 && most.change > 48)) {
            await sleep(40);
            const frame = video.readyState >= 2 && pixels(video);
            if (!frame) continue;
            if (!first) [first, begun] = [frame.data, video.currentTime];
            most.time = Math.max(most.time, video.currentTime - begun);
            for (let i = 0; i < first.length; i++)
                most.change = Math.max(most.change, Math.abs(first[i] - frame.data[i]));
        }
        const state = {cell: cellOf(video), frames: Boolean(first), paused: video.paused, ...most};
        video.pause();
        video.currentTime = 0;
        return state;
    }

    return {controls, watch, choose, answer, shows, film};
})();
