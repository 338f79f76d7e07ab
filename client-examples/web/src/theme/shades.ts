import type { MantineColorsTuple } from "@mantine/core";

type Rgb = [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** `--sunken` in the light scheme, the darkest ground that has texts in the accent. */
const LIGHT_GROUND: Rgb = [243, 241, 237];
/** `--surface` in the dark scheme. */
const DARK_GROUND: Rgb = [28, 26, 24];
/** The contrast that WCAG 2.2 requires of texts, and of other parts. */
const TEXT = 4.5;
const PART = 3;

/**
 * Returns the shades of a colour. `tokens.css` and the theme use shade 9 with 0 in the light scheme, and shades 3, 7 and
 * 8 in the dark one. They are darker or lighter than the colour as far as their contrast needs it.
 */
export function shadesOf(hex: string): MantineColorsTuple {
    const colour = [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16)) as Rgb;
    const tint = mix(colour, WHITE, 0.88);
    const strong = mixUntil(colour, BLACK, (shade) => contrast(shade, tint) >= TEXT && contrast(shade, LIGHT_GROUND) >= TEXT);
    const darkFill = mixUntil(strong, WHITE, (shade) => contrast(shade, DARK_GROUND) >= PART);
    const darkTint = mix(DARK_GROUND, strong, 0.24);
    const pale = mixUntil(colour, WHITE, (shade) => contrast(shade, darkTint) >= TEXT);
    const between = [0.25, 0.5, 0.75].map((part) => mix(pale, strong, part));
    const shades = [tint, mix(colour, WHITE, 0.8), mix(colour, WHITE, 0.6), pale, ...between, strong, darkFill, strong];
    return shades.map(toHex) as unknown as MantineColorsTuple;
}

const mix = (from: Rgb, to: Rgb, part: number) => from.map((value, index) => value + (to[index]! - value) * part) as Rgb;

/** Mixes a colour with black or white, as little as the condition allows. */
function mixUntil(colour: Rgb, to: Rgb, isEnough: (shade: Rgb) => boolean) {
    let part = 0;
    while (part < 1 && !isEnough(mix(colour, to, part))) part += 0.02;
    return mix(colour, to, part);
}

/** Returns the contrast ratio of two colours, as WCAG defines it. */
function contrast(a: Rgb, b: Rgb) {
    const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
    return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: Rgb) {
    const [red, green, blue] = colour.map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as Rgb;
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const toHex = (colour: Rgb) => `#${colour.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
