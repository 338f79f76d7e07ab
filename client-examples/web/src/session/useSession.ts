import { useSyncExternalStore } from "react";
import { session } from "./session";

/** Returns the state of the session, and renders again when it changes. */
export const useSession = () => useSyncExternalStore(session.subscribe, () => session.state);
