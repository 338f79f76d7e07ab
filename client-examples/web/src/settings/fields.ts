import type { Settings, SettingsInput } from "./queries";

/** What the fields of a form get. */
export interface FieldsProps {
    values: Settings;
    onChange: (changes: SettingsInput) => void;
}
