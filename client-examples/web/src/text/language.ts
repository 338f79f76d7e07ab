import { i18n } from "@lingui/core";

export type Language = "fr" | "en";

const KEY = "language";
const CATALOGS = {
    fr: () => import("../../locales/fr.po"),
    en: () => import("../../locales/en.po"),
};

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
    const { messages } = await CATALOGS[language]();
    i18n.loadAndActivate({ locale: language, messages });
    document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language) {
    localStorage.setItem(KEY, language);
    await activate(language);
}

/** Activates the language of the person's account, unless they chose another one in this browser. */
export async function followAccount(locale: string | null) {
    if (locale && !localStorage.getItem(KEY)) await activate(languageOf([locale]));
}
