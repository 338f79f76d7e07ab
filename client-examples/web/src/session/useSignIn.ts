import { useState } from "react";
import { SIGN_IN_WITH_PASSKEY } from "../passkeys/operations";
import { signInPasskey, type Passkey } from "../passkeys/signInPasskey";
import { Cancelled } from "../states/Cancelled";
import { COMPLETE_SIGN_IN, SIGN_IN } from "./operations";
import { post } from "./post";
import { session, type Tokens } from "./session";

/** A membership that the server names when a person has several. */
export interface Choice {
    organization: string;
    membershipId: string;
}

export interface Challenge {
    token: string;
    acceptsAppCode: boolean;
    acceptsPasskey: boolean;
}

export type Step =
    | { name: "email" }
    | { name: "password" }
    | { name: "organization"; choices: Choice[]; choose: (membershipId: string) => void }
    | { name: "code"; challenge: Challenge };

/** The error of a person with several memberships lists them as `slug (membership_…)`. */
const choicesIn = (message: string): Choice[] =>
    [...message.matchAll(/([\w-]+) \((membership_\w+)\)/g)].map(([, organization, membershipId]) => ({
        organization: organization!,
        membershipId: membershipId!,
    }));

type Begun = Tokens & { factorChallenge?: Challenge | null };

/** The steps of signing in: a passkey, or address and password; perhaps the organization, and perhaps a code. */
export function useSignIn(first: Step = { name: "email" }) {
    const [step, setStep] = useState<Step>(first);
    const [email, setEmail] = useState("");
    const [password, setPassword] = useState("");
    const [error, setError] = useState<string>();
    const [busy, setBusy] = useState(false);

    const run = async (action: () => Promise<void>) => {
        setBusy(true);
        setError(undefined);
        await action().catch((cause: Error) => cause instanceof Cancelled || setError(cause.message));
        setBusy(false);
    };

    /** Begins the session, or asks for what the server still needs. `choose` signs in with one of several memberships. */
    const proceed = (payload: Begun, choose?: (membershipId: string) => void) => {
        const [refusal] = payload.userErrors;
        if (payload.factorChallenge) setStep({ name: "code", challenge: payload.factorChallenge });
        else if (!refusal) session.begin(payload);
        else {
            const choices = choicesIn(refusal.message);
            if (choose && choices.length > 1) setStep({ name: "organization", choices, choose });
            else setError(refusal.message);
        }
    };

    const signIn = (membershipId?: string): Promise<void> =>
        run(async () => {
            const input = { email, password, refreshTokenDelivery: "COOKIE" as const, ...(membershipId && { membershipId }) };
            proceed((await post(SIGN_IN, { input })).signIn, signIn);
        });

    const sendCode = (challenge: string, code: string) =>
        run(async () => {
            const input = { challenge, code, refreshTokenDelivery: "COOKIE" as const };
            proceed((await post(COMPLETE_SIGN_IN, { input })).completeSignIn);
        });

    const sendPasskey = (passkey: Passkey, membershipId?: string): Promise<void> =>
        run(async () => {
            const input = { passkey, refreshTokenDelivery: "COOKIE" as const, ...(membershipId && { membershipId }) };
            const { signInWithPasskey } = await post(SIGN_IN_WITH_PASSKEY, { input });
            proceed(signInWithPasskey, (chosen) => void sendPasskey(passkey, chosen));
        });

    /** Asks the browser for a passkey. With a challenge, it is the second factor after the password. */
    const askPasskey = (challenge?: string) => run(async () => sendPasskey(await signInPasskey(challenge)));

    const back = () => {
        setError(undefined);
        setPassword("");
        setStep({ name: "email" });
    };

    return { step, setStep, email, setEmail, password, setPassword, error, busy, run, proceed, signIn, sendCode, sendPasskey, askPasskey, back };
}
