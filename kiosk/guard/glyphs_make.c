/* glyphs_make FONT: writes glyphs.c for glyphs.h to standard output. Runs while building; nothing of it is
 * shipped. */
#include <ft2build.h>
#include FT_FREETYPE_H
#include <sysexits.h>

#include "kiosk/guard/glyphs.h"

#define BULLET 0x2022u

static unsigned character_of(unsigned index)
{
    return index + GLYPHS_FIRST == GLYPHS_DOT ? BULLET : index + GLYPHS_FIRST;
}

static void print_mask(const FT_Bitmap *bitmap)
{
    for (unsigned y = 0; y < bitmap->rows; y++) {
        for (unsigned x = 0; x < bitmap->width; x++)
            printf("%u,", bitmap->buffer[(int)y * bitmap->pitch + (int)x]);
        printf("\n");
    }
}

static int print_glyphs(FT_Face face)
{
    struct glyph found[GLYPHS_COUNT];
    uint32_t offset = 0;

    printf("#include \"kiosk/guard/glyphs.h\"\n\nconst uint8_t glyphs_masks[] = {\n");
    for (unsigned i = 0; i < GLYPHS_COUNT; i++) {
        const FT_GlyphSlot slot = face->glyph;

        if (FT_Load_Char(face, character_of(i), FT_LOAD_RENDER | FT_LOAD_NO_HINTING) != 0)
            return EX_DATAERR;
        found[i] = (struct glyph){offset, (uint16_t)slot->bitmap.width, (uint16_t)slot->bitmap.rows,
            (int16_t)slot->bitmap_left, (int16_t)slot->bitmap_top, (int16_t)(slot->advance.x / 64)};
        offset += slot->bitmap.width * slot->bitmap.rows;
        print_mask(&slot->bitmap);
    }
    printf("0};\n\nconst struct glyph glyphs[GLYPHS_COUNT] = {\n");
    for (unsigned i = 0; i < GLYPHS_COUNT; i++)
        printf("{%u,%u,%u,%d,%d,%d},\n", found[i].offset, found[i].width, found[i].height, found[i].left,
            found[i].top, found[i].advance);
    printf("};\n");
    return ferror(stdout) != 0 || fflush(stdout) != 0 ? EX_IOERR : EX_OK;
}

int main(int argc, char *argv[])
{
    FT_Library library = NULL;
    FT_Face face = NULL;
    int code = EX_DATAERR;

    if (argc == 2 && FT_Init_FreeType(&library) == 0 && FT_New_Face(library, argv[1], 0, &face) == 0 &&
        FT_Set_Pixel_Sizes(face, 0, GLYPHS_EM) == 0)
        code = print_glyphs(face);
    if (code != EX_OK)
        fprintf(
            stderr, "glyphs_make: cannot make masks of %s\n", argc == 2 ? argv[1] : "(one font is needed)");
    FT_Done_Face(face);
    FT_Done_FreeType(library);
    return code;
}
