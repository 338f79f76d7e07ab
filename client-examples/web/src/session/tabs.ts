/** A message to the other tabs of this browser, which share the cookie of the session. */
type Message = { type: "renewed"; accessToken: string; expiresAt: string } | { type: "changed" };

const NAME = "dossier-session";

export const tabs = new BroadcastChannel(NAME) as Omit<BroadcastChannel, "postMessage"> & {
    postMessage(message: Message): void;
};

/** Calls `receive` for each message of another tab. */
export function readTabs(receive: (message: Message) => void) {
    tabs.onmessage = ({ data }: MessageEvent<Message>) => receive(data);
}

/** Runs one function at a time in all tabs. Pages without https have no locks. */
export async function withLock(run: () => Promise<void>) {
    await (navigator.locks ? navigator.locks.request(NAME, run) : run());
}
