#include "Toolkit.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdict.h>
#include <dcmtk/dcmdata/dcdicent.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <cstring>
#include <mutex>

#include "Guard.h"

void prepare_toolkit() {
  static std::once_flag once;
  std::call_once(once, [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    DJLSDecoderRegistration::registerCodecs();
  });
}

extern "C" int32_t cd_dictionary_vr(uint16_t group, uint16_t element, char *vr) {
  int32_t found = 0;
  guarded(nullptr, [&] {
    prepare_toolkit();
    const DcmDataDictionary &dictionary = dcmDataDict.rdlock();
    const DcmDictEntry *entry = dictionary.findEntry(DcmTagKey(group, element), nullptr);
    const char *name = entry ? entry->getVR().getValidVRName() : nullptr;
    if (name && std::strlen(name) == 2) {
      std::memcpy(vr, name, 3);
      found = 1;
    }
    dcmDataDict.rdunlock();
    return CD_OK;
  });
  return found;
}
