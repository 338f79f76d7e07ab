import { i18n } from "@lingui/core";

export type Language = "fr" | "en";

const KEY = "language";
const CATALOGS = {
    main: {
        fr: () => import("../../locales/fr.po"),
        en: () => import("../../locales/en.po"),
    },
    settings: {
        fr: () => import("../../locales/settings/fr.po"),
        en: () => import("../../locales/settings/en.po"),
    },
};
const parts = new Set<keyof typeof CATALOGS>(["main"]);
let settingsTexts: Promise<void> | undefined;

/** Returns the language that the person chose in this browser, or else the browser's. */
export function initialLanguage(): Language {
    const chosen = localStorage.getItem(KEY);
    return languageOf([...(chosen ? [chosen] : []), ...navigator.languages]);
}

/** Returns the first language that the app has. */
export function languageOf(tags: readonly string[]): Language {
    for (const tag of tags) {
        if (tag.startsWith("fr")) return "fr";
        if (tag.startsWith("en")) return "en";
    }
    return "fr";
}

export async function activate(language: Language) {
    const catalogs = await Promise.all([...parts].map((part) => CATALOGS[part][language]()));
    i18n.loadAndActivate({ locale: language, messages: Object.assign({}, ...catalogs.map(({ messages }) => messages)) });
    document.documentElement.lang = language;
}

/** Loads a module together with the texts of the settings. */
export async function withSettingsTexts<Module>(load: () => Promise<Module>) {
    parts.add("settings");
    settingsTexts ??= activate(i18n.locale as Language);
    try {
        const [module] = await Promise.all([load(), settingsTexts]);
        return module;
    } catch (cause) {
        // The next attempt reads them again.
        settingsTexts = undefined;
        throw cause;
    }
}

export async function chooseLanguage(language: Language) {
    localStorage.setItem(KEY, language);
    await activate(language);
}

/** Activates the language of the person's account, unless they chose another one in this browser. */
export async function followAccount(locale: string | null) {
    if (locale && !localStorage.getItem(KEY)) await activate(languageOf([locale]));
}
