import { lazy, Suspense } from "react";
import { withSettingsTexts } from "../text/language";
import { useProofAsked } from "./proof";

const ProofDialog = lazy(() =>
    withSettingsTexts(() => import("./ProofDialog")).then((dialog) => ({ default: dialog.ProofDialog })),
);

/** Shows the dialog while a mutation waits for a proof of identity. */
export function ProofPrompt() {
    const asked = useProofAsked();
    return <Suspense>{asked && <ProofDialog />}</Suspense>;
}
