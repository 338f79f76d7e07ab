import type { TadaDocumentNode } from "gql.tada";
import { stringifyDocument } from "@urql/core";

/** Sends an operation without an access token, and lets the browser send and store the cookie of the session. */
export async function post<Data, Variables>(
    document: TadaDocumentNode<Data, Variables>,
    variables: Variables,
): Promise<Data> {
    const send = () =>
        fetch("/graphql", {
            method: "POST",
            headers: { "Content-Type": "application/json", "Dossier-Session": "1" },
            body: JSON.stringify({ query: stringifyDocument(document), variables }),
        });
    // A response may get lost. The server repeats it for 10 seconds.
    const response = await send().catch(send);
    const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
    if (errors?.[0]) throw new Error(errors[0].message);
    return data;
}
