import { i18n } from "@lingui/core";

type Constructor<Options, Format> = new (locale: string, options?: Options) => Format;

/** Creates each format once. Creating one takes longer than formatting a whole list with it. */
function cached<Options, Format>(Type: Constructor<Options, Format>) {
    const formats = new Map<string, Format>();
    return (options?: Options, locale = i18n.locale) => {
        const key = `${locale} ${JSON.stringify(options)}`;
        let format = formats.get(key);
        if (!format) formats.set(key, (format = new Type(locale, options)));
        return format;
    };
}

export const numberFormat = cached(Intl.NumberFormat as Constructor<Intl.NumberFormatOptions, Intl.NumberFormat>);
export const dateFormat = cached(Intl.DateTimeFormat as Constructor<Intl.DateTimeFormatOptions, Intl.DateTimeFormat>);
export const relativeFormat = cached(Intl.RelativeTimeFormat as Constructor<Intl.RelativeTimeFormatOptions, Intl.RelativeTimeFormat>);
export const collator = cached(Intl.Collator as Constructor<Intl.CollatorOptions, Intl.Collator>);
