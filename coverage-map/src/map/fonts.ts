import cyrillic from '@fontsource/noto-sans/files/noto-sans-cyrillic-400-normal.woff2?url';
import greek from '@fontsource/noto-sans/files/noto-sans-greek-400-normal.woff2?url';
import latin from '@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2?url';
import latinExtended from '@fontsource/noto-sans/files/noto-sans-latin-ext-400-normal.woff2?url';
import type { FontFacesSpecification } from 'maplibre-gl';
import { FONT } from '../layers/basemap-layers.ts';

/** The map's labels are drawn in the browser from these files; letters of other scripts come from the visitor's own fonts. */
export const mapFonts = (origin: string): FontFacesSpecification => ({
  [FONT]: [
    { url: `${origin}${latin}`, 'unicode-range': ['U+0000-00FF', 'U+2000-206F'] },
    { url: `${origin}${latinExtended}`, 'unicode-range': ['U+0100-02FF', 'U+1E00-1E9F', 'U+1EF2-1EFF'] },
    { url: `${origin}${cyrillic}`, 'unicode-range': ['U+0301', 'U+0400-045F', 'U+0490-0491', 'U+04B0-04B1'] },
    { url: `${origin}${greek}`, 'unicode-range': ['U+0370-03FF'] },
  ],
});
