// Only one thing is asked of EXIF and XMP: which way is up.
#include <libexif/exif-data.h>
#include <stdlib.h>
#include <string.h>

#include "Guard.h"

static int32_t valid(long value) { return value >= 1 && value <= 8 ? (int32_t)value : 0; }

static int32_t entry_value(const ExifData *data, const ExifEntry *entry) {
  if (!entry || entry->components < 1 || !entry->data) return 0;
  ExifByteOrder order = exif_data_get_byte_order((ExifData *)data);
  switch (entry->format) {
    case EXIF_FORMAT_BYTE:
      return entry->size >= 1 ? valid(entry->data[0]) : 0;
    case EXIF_FORMAT_SHORT:
      return entry->size >= 2 ? valid(exif_get_short(entry->data, order)) : 0;
    case EXIF_FORMAT_LONG:
      return entry->size >= 4 ? valid((long)exif_get_long(entry->data, order)) : 0;
    default:
      return 0;
  }
}

int32_t cs_exif_orientation(const uint8_t *bytes, size_t count) {
  static const uint8_t prefix[6] = "Exif\0";  // six bytes with the implied end
  // An EXIF block in a JPEG has at most 64 KB; in a PNG more is allowed, but the directory stands at its start.
  if (count > 1 << 20) count = 1 << 20;
  int prefixed = count >= 6 && memcmp(bytes, prefix, 6) == 0;
  size_t total = count + (prefixed ? 0 : 6);
  uint8_t *block = malloc(total + 1);
  ExifData *data = exif_data_new();
  int32_t found = 0;
  if (block && data) {
    if (!prefixed) memcpy(block, prefix, 6);
    memcpy(block + (prefixed ? 0 : 6), bytes, count);
    // Take the entries as they are: no repair, no invented ones.
    exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_unset_option(data, EXIF_DATA_OPTION_IGNORE_UNKNOWN_TAGS);
    exif_data_set_option(data, EXIF_DATA_OPTION_DONT_CHANGE_MAKER_NOTE);
    exif_data_load_data(data, block, (unsigned)total);
    found = entry_value(data, exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION));
  }
  if (data) exif_data_unref(data);
  free(block);
  return found;
}

int32_t cs_xmp_orientation(const uint8_t *bytes, size_t count) {
  static const char key[] = "tiff:Orientation";
  const size_t length = sizeof key - 1;
  for (size_t at = 0; at + length + 3 <= count; at++) {
    if (bytes[at] != 't' || memcmp(bytes + at, key, length) != 0) continue;
    const uint8_t *after = bytes + at + length;
    if (after[0] == '>') return valid(after[1] - '0');
    if (after[0] == '=' && after[1] == '"') return valid(after[2] - '0');
  }
  return 0;
}
