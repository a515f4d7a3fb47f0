#!/bin/sh
# Puts next to the image's libraries what they need of the system that built it and other systems may lack, with its licence:
# some distributions' JDKs take libjpeg, Little CMS and zlib from the system (others bring them: then there is nothing to do).
#   bundle-libraries.sh IMAGE/lib
set -eu
for library in "$1"/libjavajpeg.so "$1"/liblcms.so "$1"/libzip.so; do
  ldd "$library" | while read -r name arrow path rest; do
    case $name in
      libjpeg.so.* | liblcms2.so.* | libz.so.*)
        cp -L "$path" "$1/$name"
        package=$(dpkg-query -S "*/$(basename "$(readlink -f "$path")")" 2>/dev/null | head -n 1 | cut -d : -f 1)
        notice=/usr/share/doc/$package/copyright
        if [ -f "$notice" ]; then
          cp -L "$notice" "$1/../legal/$name.txt"
        fi
        ;;
    esac
  done
done
