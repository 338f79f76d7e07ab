import type { Client } from "urql";
import { send } from "../graphql/send";
import { BEGIN_AUTHENTICATION } from "./operations";
import { getCredential } from "./webauthn";

/** Lets the person who is signed in use one of their passkeys. */
export async function getPasskey(client: Client) {
    const { attempt, options } = await send(client, BEGIN_AUTHENTICATION, { input: {} });
    return { attempt: attempt!, credential: await getCredential(options!) };
}
