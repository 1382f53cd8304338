import ctypes

from pypdfium2 import PdfTextPage

FPDF_ERR_PASSWORD: int
FPDF_ERR_SECURITY: int

class FS_RECTF(ctypes.Structure):
    left: float
    top: float
    right: float
    bottom: float

def FPDFText_GetCharIndexFromTextIndex(text_page: PdfTextPage, index: int) -> int: ...
def FPDFText_GetLooseCharBox(text_page: PdfTextPage, index: int, rect: object) -> int: ...
def FPDFText_GetCharOrigin(text_page: PdfTextPage, index: int, x: object, y: object) -> int: ...
