#!/bin/sh
# Puts beside the image's libraries what they need of the system that built it and other systems may lack: some
# distributions' JDKs take libjpeg and Little CMS from the system (others bring them: then there is nothing to do).
#   bundle-libraries.sh IMAGE/lib
set -eu
for library in "$1"/libjavajpeg.so "$1"/liblcms.so; do
  ldd "$library" | while read -r name arrow path rest; do
    case $name in
      libjpeg.so.* | liblcms2.so.*) cp -L "$path" "$1/$name" ;;
    esac
  done
done
