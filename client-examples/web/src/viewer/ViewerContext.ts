import { createContext, useContext } from "react";
import type { Viewer } from "./queries";

const ViewerContext = createContext<Viewer | undefined>(undefined);

export const ViewerProvider = ViewerContext.Provider;

/** Returns the person who is signed in, with their organization. */
export function useViewer() {
    const viewer = useContext(ViewerContext);
    if (!viewer) throw new Error("useViewer works only when somebody is signed in.");
    return viewer;
}
