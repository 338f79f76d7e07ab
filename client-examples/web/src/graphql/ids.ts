/** Returns the type of the object with a global id, such as `ValidationRequest` for `validation_request_…`. */
export function typeOfId(id: string) {
    const words = id.split("_").slice(0, -1);
    return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}
