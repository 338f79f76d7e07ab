import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./theme/font.css";
import "./theme/tokens.css";
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { router } from "./routes";
import { session } from "./session/session";
import { activate, initialLanguage } from "./text/language";
import { ThemeProvider } from "./theme/ThemeProvider";

void session.start();
await activate(initialLanguage());

createRoot(document.getElementById("root")!).render(
    <I18nProvider i18n={i18n}>
        <ThemeProvider>
            <RouterProvider router={router} />
        </ThemeProvider>
    </I18nProvider>,
);
