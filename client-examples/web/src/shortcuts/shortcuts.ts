import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

interface Shortcut {
    /** The key that a person can replace. */
    key: string;
    label: MessageDescriptor;
    group: "everywhere" | "queue";
    /** Whether the key comes after `G`, as in “go to”. */
    afterG?: boolean;
}

const define = <Id extends string>(shortcuts: Record<Id, Shortcut>) => shortcuts;

/** The shortcuts of the hub, in the order of their list. */
export const SHORTCUTS = define({
    next: { key: "j", label: msg`Next request`, group: "queue" },
    previous: { key: "k", label: msg`Previous request`, group: "queue" },
    approve: { key: "a", label: msg`Approve`, group: "queue" },
    reject: { key: "r", label: msg`Reject`, group: "queue" },
    requestChanges: { key: "c", label: msg`Ask for changes`, group: "queue" },
    mine: { key: "m", label: msg`Only mine`, group: "queue" },
    filter: { key: "/", label: msg`Filter`, group: "queue" },
    goToValidation: { key: "v", label: msg`Validation`, group: "everywhere", afterG: true },
    goToDossiers: { key: "d", label: msg`Dossiers`, group: "everywhere", afterG: true },
    goToMessages: { key: "m", label: msg`Messages`, group: "everywhere", afterG: true },
    goToMoney: { key: "f", label: msg`Money`, group: "everywhere", afterG: true },
    goToActivity: { key: "a", label: msg`Activity`, group: "everywhere", afterG: true },
    help: { key: "?", label: msg`This help`, group: "everywhere" },
});

export type ShortcutId = keyof typeof SHORTCUTS;

export const SHORTCUT_IDS = Object.keys(SHORTCUTS) as ShortcutId[];

/** The first key of the shortcuts that go to a page. */
export const GO = "g";

/** The keys that a person has chosen instead. */
export type ChosenKeys = { [Id in ShortcutId]?: string | undefined };

export const keyOf = (id: ShortcutId, chosen: ChosenKeys) => chosen[id] ?? SHORTCUTS[id].key;

/**
 * Whether a key can be a shortcut: a letter, a digit or a sign. Browsers and screen readers use the others, such as Tab,
 * Enter, Space and arrows, and all keys together with Ctrl, Alt or Meta.
 */
export const isAssignable = (key: string) => key.length === 1 && key !== " " && key.toLowerCase() !== GO;

/** Returns the shortcut that has this key already, if there is one. */
export const conflictOf = (id: ShortcutId, key: string, chosen: ChosenKeys) =>
    SHORTCUT_IDS.find(
        (other) => other !== id && isAfterG(other) === isAfterG(id) && keyOf(other, chosen) === key.toLowerCase(),
    );

const isAfterG = (id: ShortcutId) => (SHORTCUTS[id] as Shortcut).afterG === true;

/** Returns the shortcuts with this key, after `G` or without it. */
export const withKey = (key: string, afterG: boolean, chosen: ChosenKeys) =>
    SHORTCUT_IDS.filter((id) => isAfterG(id) === afterG && keyOf(id, chosen) === key.toLowerCase());
