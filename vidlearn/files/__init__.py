"""Files that are written completely or not at all, and arrays in the safetensors format."""
