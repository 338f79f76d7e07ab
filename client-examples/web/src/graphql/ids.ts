/** The types whose ids begin with another name. */
const NAMES: Record<string, string> = { apikey: "ApiKey", membership: "Member" };

/** Returns the type of the object with a global id, such as `ValidationRequest` for `validation_request_…`. */
export function typeOfId(id: string) {
    const prefix = id.slice(0, id.lastIndexOf("_"));
    const words = prefix.split("_").map((word) => word[0]!.toUpperCase() + word.slice(1));
    return NAMES[prefix] ?? words.join("");
}
