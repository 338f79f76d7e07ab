import { t } from "@lingui/core/macro";
import { Cancelled } from "../states/Cancelled";

/** Whether this page can use passkeys. Browsers allow them only for host names, not for IP addresses. */
export const passkeysSupported =
    typeof PublicKeyCredential === "function" &&
    "parseRequestOptionsFromJSON" in PublicKeyCredential &&
    !/^[\d.]+$|:/.test(location.hostname);

/** Creates a passkey on this device, and returns it as JSON. */
export async function createCredential(options: string) {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options));
    return run(() => navigator.credentials.create({ publicKey }));
}

/** Uses a passkey of this device, and returns its answer as JSON. */
export async function getCredential(options: string, request?: CredentialRequestOptions) {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options));
    return run(() => navigator.credentials.get({ ...request, publicKey }));
}

async function run(action: () => Promise<Credential | null>) {
    try {
        return JSON.stringify(await action());
    } catch (cause) {
        const { name } = cause as Error;
        // Browsers do not say whether the person cancelled, or whether no passkey was found.
        if (name === "NotAllowedError" || name === "AbortError") throw new Cancelled();
        if (name === "InvalidStateError") throw new Error(t`This device already has a passkey of your account.`);
        throw cause;
    }
}
