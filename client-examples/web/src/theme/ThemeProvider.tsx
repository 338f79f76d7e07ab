import { MantineProvider } from "@mantine/core";
import { createContext, useContext, useLayoutEffect, useMemo, useState, type ReactNode } from "react";
import { LazyToasts } from "./LazyToasts";
import { resolveVariables, themeOf } from "./theme";

type Face = "hub" | "portal";
type Appearance = { accent: string; face: Face };

const SetAppearance = createContext<(appearance: Appearance) => void>(() => {});

/** Follows the system's colour scheme, unless the person chose one. */
export function ThemeProvider({ children }: { children: ReactNode }) {
    const [{ accent, face }, setAppearance] = useState<Appearance>({ accent: "indigo", face: "hub" });
    const theme = useMemo(() => themeOf(accent, face), [accent, face]);
    return (
        <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={resolveVariables}>
            <LazyToasts />
            <SetAppearance.Provider value={setAppearance}>{children}</SetAppearance.Provider>
        </MantineProvider>
    );
}

/** Gives the app the accent of an organization and the text size of a face. */
export function useAppearance(accent: string, face: Face) {
    const set = useContext(SetAppearance);
    useLayoutEffect(() => set({ accent, face }), [set, accent, face]);
}
