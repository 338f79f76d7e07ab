import { useEffect, useRef } from "react";
import { signInPasskey, type Passkey } from "./signInPasskey";
import { passkeysSupported } from "./webauthn";

/** An attempt is valid for 5 minutes. */
const RENEW_MILLISECONDS = 4 * 60_000;

/** Offers passkeys among the suggestions of the field for the address, where the browser supports it. */
export function usePasskeyAutofill(enabled: boolean, onPasskey: (passkey: Passkey) => void) {
    const callback = useRef(onPasskey);
    useEffect(() => {
        callback.current = onPasskey;
    });
    useEffect(() => {
        if (!enabled || !passkeysSupported) return;
        let abort = new AbortController();
        const offer = () => {
            abort.abort();
            abort = new AbortController();
            const { signal } = abort;
            // It is only an offer: if it fails, the other ways to sign in remain.
            signInPasskey(undefined, { mediation: "conditional", signal }).then(
                (passkey) => signal.aborted || callback.current(passkey),
                () => {},
            );
        };
        let timer: ReturnType<typeof setInterval>;
        let stopped = false;
        void PublicKeyCredential.isConditionalMediationAvailable?.().then((available) => {
            if (!available || stopped) return;
            offer();
            timer = setInterval(offer, RENEW_MILLISECONDS);
        });
        return () => {
            stopped = true;
            clearInterval(timer);
            abort.abort();
        };
    }, [enabled]);
}
