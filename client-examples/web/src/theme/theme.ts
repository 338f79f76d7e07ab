import { createTheme, type CSSVariablesResolver } from "@mantine/core";
import { shadesOf } from "./shades";

const FONT = 'Inter, system-ui, -apple-system, "Segoe UI", sans-serif';

/** The greys of the dark scheme, as warm as the tokens: 0 is the text, 4 a border, 6 a field, 7 a surface. */
const DARK = ["#eeebe5", "#cfcac2", "#b0aaa0", "#928c82", "#3f3b36", "#312e2a", "#23211e", "#1c1a18", "#141311", "#100f0d"] as const;

/**
 * Returns the theme of a face: 14 px text in the hub, 16 px in the portal. The accent is one of Mantine's colours, or of
 * the form `#RRGGBB`.
 */
export const themeOf = (accent: string, face: "hub" | "portal") =>
    createTheme({
        colors: { dark: DARK, ...(accent.startsWith("#") && { accent: shadesOf(accent) }) },
        primaryColor: accent.startsWith("#") ? "accent" : accent,
        primaryShade: { light: 9, dark: 8 },
        fontFamily: FONT,
        headings: { fontFamily: FONT, fontWeight: "600" },
        fontSizes:
            face === "hub"
                ? { xs: "12px", sm: "14px", md: "14px", lg: "16px", xl: "20px" }
                : { xs: "14px", sm: "15px", md: "16px", lg: "18px", xl: "22px" },
        lineHeights: { xs: "1.4", sm: "1.45", md: "1.45", lg: "1.45", xl: "1.3" },
        defaultRadius: 8,
        cursorType: "pointer",
        respectReducedMotion: true,
        components: {
            // Colours whose initials have enough contrast.
            Avatar: { defaultProps: { allowedInitialsColors: ["indigo", "blue", "violet", "grape", "cyan"] } },
            // A `header` outside of the page's content would be a second banner.
            Modal: {
                defaultProps: { centered: true, transitionProps: { duration: 120 }, attributes: { header: { role: "presentation" } } },
            },
            InputWrapper: { styles: { label: { marginBottom: 4 } } },
            NativeSelect: { styles: { input: { textOverflow: "ellipsis" } } },
            Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 100 } } },
            Tooltip: { defaultProps: { transitionProps: { duration: 100 }, events: { hover: true, focus: true, touch: false } } },
        },
    });

const COLOURS = {
    "--mantine-color-body": "var(--surface)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--ink-2)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-border": "var(--line)",
    "--mantine-color-default-hover": "var(--sunken)",
    "--mantine-color-placeholder": "var(--ink-3)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-error": "var(--overdue)",
};

/** Maps Mantine's colours to the tokens of `tokens.css`, in both schemes. */
export const resolveVariables: CSSVariablesResolver = () => ({ variables: {}, light: COLOURS, dark: COLOURS });
