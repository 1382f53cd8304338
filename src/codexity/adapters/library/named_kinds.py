"""Kinds of files that are not read, by their suffix: what they are, and what can be done."""

from __future__ import annotations

from typing import Final

_KINDS: Final = (
    (
        "pictures: letters in pictures are not read",
        """.png .jpg .jpeg .gif .webp .heic .heif .tif .tiff .bmp .svg .ico .avif .psd .raw .cr2
        .nef .dng .xcf .ai .eps .excalidraw .drawio""",
    ),
    (
        "sound and video: neither is read",
        """.mp3 .wav .m4a .ogg .oga .flac .opus .aac .wma .aiff .mid .mp4 .mov .mkv .avi .webm .m4v
        .wmv .mpg .mpeg .3gp .ogv""",
    ),
    (
        "archives: unpack them",
        ".zip .tar .gz .tgz .bz2 .xz .7z .rar .zst .jar .war .whl .iso .dmg .deb .rpm .cab .apk",
    ),
    (
        "documents of other office programs: save them as DOCX, XLSX, PPTX or PDF",
        """.doc .dot .xls .xlt .xlsb .xlsm .xlsx .ods .ppt .pps .pptx .pptm .odp .odt .ott .odg .rtf
        .pages .numbers .keynote .wpd .wps .pub .vsd .vsdx .one .mpp .hwp .hwpx""",
    ),
    (
        "books and prints: save them as PDF, EPUB or HTML",
        ".epub .mobi .azw .azw3 .fb2 .djvu .ps .xps .chm .lit",
    ),
    (
        "mail of Outlook: save it as .eml",
        ".msg .pst .ost .oft",
    ),
    (
        "databases: save their tables as CSV",
        ".sqlite .sqlite3 .db .db3 .mdb .accdb .dbf .parquet .feather .arrow .rdb .pkl .npy .h5",
    ),
    (
        "programs: they are not read",
        """.exe .dll .so .dylib .o .a .lib .class .pyc .pyo .wasm .bin .msi .app .com .sys .node
        .elc .beam""",
    ),
    (
        "fonts, models and the like: there is no text in them",
        """.ttf .otf .woff .woff2 .eot .gguf .onnx .safetensors .pt .blend .stl .obj .glb .gltf
        .step .dwg .dxf .skp .fbx""",
    ),
    (
        "keys and certificates: they are no documents",
        ".pem .crt .cer .der .p12 .pfx .gpg .pgp .asc .kdbx .jks",
    ),
    (
        "what programs keep for themselves",
        ".lock .lockb .sum .tag .tmp .temp .bak .orig .swp .cache .part .crdownload .map .pid .lnk",
    ),
)
_BY_SUFFIX: Final = {suffix: what for what, suffixes in _KINDS for suffix in suffixes.split()}
_TEXT: Final = "kinds that are not known: a text file is read when it is named itself"
_NO_FILES: Final = "devices, sockets and the like"


def what_it_is(suffix: str) -> str:
    """What files of a suffix are, and what can be done to have them read; empty: no files."""
    return _BY_SUFFIX.get(suffix, _TEXT) if suffix else _NO_FILES
