import { useState } from "react";
import { COMPLETE_SIGN_IN, SIGN_IN } from "./operations";
import { post } from "./post";
import { session, type Tokens } from "./session";

/** A membership that the server names when a person has several. */
export interface Choice {
    organization: string;
    membershipId: string;
}

export type Step =
    | { name: "email" }
    | { name: "password" }
    | { name: "organization"; choices: Choice[] }
    | { name: "code"; challenge: string };

/** The error of a person with several memberships lists them as `slug (membership_…)`. */
const choicesIn = (message: string): Choice[] =>
    [...message.matchAll(/([\w-]+) \((membership_\w+)\)/g)].map(([, organization, membershipId]) => ({
        organization: organization!,
        membershipId: membershipId!,
    }));

type Begun = Tokens & { factorChallenge: { token: string } | null };

/** The steps of signing in: address, password, perhaps the organization, and perhaps a code. */
export function useSignIn(first: Step = { name: "email" }) {
    const [step, setStep] = useState<Step>(first);
    const [email, setEmail] = useState("");
    const [password, setPassword] = useState("");
    const [error, setError] = useState<string>();
    const [busy, setBusy] = useState(false);

    const run = async (action: () => Promise<void>) => {
        setBusy(true);
        setError(undefined);
        await action().catch((cause: Error) => setError(cause.message));
        setBusy(false);
    };

    /** Begins the session, or asks for what the server still needs. */
    const proceed = (payload: Begun) => {
        const [refusal] = payload.userErrors;
        if (payload.factorChallenge) setStep({ name: "code", challenge: payload.factorChallenge.token });
        else if (!refusal) session.begin(payload);
        else {
            const choices = choicesIn(refusal.message);
            if (choices.length > 1) setStep({ name: "organization", choices });
            else setError(refusal.message);
        }
    };

    const signIn = (membershipId?: string) =>
        run(async () => {
            const input = { email, password, refreshTokenDelivery: "COOKIE" as const, ...(membershipId && { membershipId }) };
            proceed((await post(SIGN_IN, { input })).signIn);
        });

    const sendCode = (challenge: string, code: string) =>
        run(async () => {
            const input = { challenge, code, refreshTokenDelivery: "COOKIE" as const };
            proceed({ ...(await post(COMPLETE_SIGN_IN, { input })).completeSignIn, factorChallenge: null });
        });

    const back = () => {
        setError(undefined);
        setPassword("");
        setStep({ name: "email" });
    };

    return { step, setStep, email, setEmail, password, setPassword, error, busy, run, proceed, signIn, sendCode, back };
}
