import type { Settings, SettingsInput } from "./queries";

/** The properties of the fields of a form. */
export interface FieldsProps {
    values: Settings;
    onChange: (changes: SettingsInput) => void;
}
