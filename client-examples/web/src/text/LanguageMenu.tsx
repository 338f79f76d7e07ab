import { useLingui } from "@lingui/react";
import { Trans } from "@lingui/react/macro";
import { UnstyledButton } from "@mantine/core";
import { chooseLanguage } from "./language";

/** A button that changes to the other language. It is written in that language. */
export function LanguageMenu() {
    const { i18n } = useLingui();
    const other = i18n.locale === "fr" ? "en" : "fr";
    return (
        <UnstyledButton fz="inherit" c="inherit" lang={other} onClick={() => void chooseLanguage(other)}>
            {other === "fr" ? "Français" : "English"}
            <span className="visually-hidden">
                <Trans> (change the language)</Trans>
            </span>
        </UnstyledButton>
    );
}
