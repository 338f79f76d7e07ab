import { post } from "../session/post";
import { BEGIN_AUTHENTICATION } from "./operations";
import { getCredential } from "./webauthn";

/** Lets a person who is not signed in use a passkey: any, or one of the person of a challenge. */
export async function signInPasskey(challenge?: string, request?: CredentialRequestOptions) {
    const { beginPasskeyAuthentication } = await post(BEGIN_AUTHENTICATION, { input: challenge ? { challenge } : {} });
    const { attempt, options, userErrors } = beginPasskeyAuthentication;
    if (!attempt || !options) throw new Error(userErrors[0]?.message);
    return { attempt, credential: await getCredential(options, request) };
}

export type Passkey = Awaited<ReturnType<typeof signInPasskey>>;
