import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { registerWorker } from "./offline/registerWorker";
import { router } from "./routes";
import { ThemeProvider } from "./theme/ThemeProvider";

// The first page's script need not wait for the texts.
void router.load();

/** Shows the app. Its texts must be there. */
export function start() {
    createRoot(document.getElementById("root")!).render(
        <I18nProvider i18n={i18n}>
            <ThemeProvider>
                <RouterProvider router={router} />
            </ThemeProvider>
        </I18nProvider>,
    );
    registerWorker();
}
