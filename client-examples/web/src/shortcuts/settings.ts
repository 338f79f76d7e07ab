import { useLocalStorage } from "@mantine/hooks";
import type { ChosenKeys } from "./shortcuts";

/** Whether single keys are shortcuts. People who dictate may switch them off (WCAG 2.1.4). */
export const useShortcutsEnabled = () => useLocalStorage({ key: "shortcuts", defaultValue: true, getInitialValueInEffect: false });

/** The keys that the person has chosen in this browser. */
export const useChosenKeys = () => useLocalStorage<ChosenKeys>({ key: "shortcut-keys", defaultValue: {}, getInitialValueInEffect: false });
