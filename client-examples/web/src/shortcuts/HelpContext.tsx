import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { createContext, Suspense, useContext, type ReactNode } from "react";
import { lazyPart } from "../theme/lazyPart";
import "./ShortcutsDialog.module.css";
import { useShortcuts } from "./useShortcuts";

const ShortcutsDialog = lazyPart(() => import("./ShortcutsDialog").then(({ ShortcutsDialog }) => ShortcutsDialog));

const HelpContext = createContext<() => void>(() => {});

/** Returns the function that shows the shortcuts. */
export const useShowShortcuts = () => useContext(HelpContext);

/** The shortcuts that work on every page of the hub. */
export function HubShortcuts({ seesMoney, children }: { seesMoney: boolean; children: ReactNode }) {
    const [opened, help] = useDisclosure();
    const navigate = useNavigate();
    useShortcuts({
        goToValidation: () => void navigate({ to: "/validation" }),
        goToDossiers: () => void navigate({ to: "/dossiers" }),
        goToMessages: () => void navigate({ to: "/messages" }),
        ...(seesMoney && { goToMoney: () => void navigate({ to: "/money" }) }),
        goToActivity: () => void navigate({ to: "/activity" }),
        help: help.open,
    });
    return (
        <HelpContext.Provider value={help.open}>
            {children}
            <Suspense>{opened && <ShortcutsDialog onClose={help.close} />}</Suspense>
        </HelpContext.Provider>
    );
}
