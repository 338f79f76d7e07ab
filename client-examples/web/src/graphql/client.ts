import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { cacheExchange, type StorageAdapter } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { updates } from "../live/updates";
import { connect } from "../live/socket";
import { subscribe } from "../live/subscribe";
import { session } from "../session/session";
import { typeOfId } from "./ids";
import { waitExchange } from "./waitExchange";

const cache = (storage: StorageAdapter) =>
    cacheExchange({
        storage,
        // Types without an `id`. `Actor` and `Money` are values.
        keys: Object.fromEntries(
            ["Activity", "Actor", "AuditChange", "ClientFigures", "EventFeed", "Header", "InvoiceTotals", "LegalHold", "LineItem", "Money", "Portal", "Presence", "SignedUrl", "UploadPart", "VatBreakdown", "ZoneRetention"].map(
                (type) => [type, () => null],
            ),
        ),
        // All fragments are on object types, so that the cache needs no schema.
        possibleTypes: {},
        // Without a schema, the cache also looks for the fields of the other types of a union, and warns.
        logger: (severity, message) => message.startsWith("Invalid undefined") || console[severity](message),
        resolvers: {
            Query: {
                node: (_, { id }) => ({ __typename: typeOfId(id as string), id: id as string }),
                client: (_, { id }) => ({ __typename: "Client", id: id as string }),
                quote: (_, { id }) => ({ __typename: "Quote", id: id as string }),
                invoice: (_, { id }) => ({ __typename: "Invoice", id: id as string }),
                creditNote: (_, { id }) => ({ __typename: "CreditNote", id: id as string }),
                clients: relayPagination(),
                documents: relayPagination(),
                deletedDocuments: relayPagination(),
                quotes: relayPagination(),
                invoices: relayPagination(),
                creditNotes: relayPagination(),
                apiKeys: relayPagination(),
                auditLog: relayPagination(),
                invitations: relayPagination(),
                members: relayPagination(),
                conversations: relayPagination(),
                validationRequests: relayPagination(),
            },
        },
        updates,
    });

/** Creates the GraphQL client of one session, with a cache and a socket of its own. `storage` keeps the cached data. */
export function createClient(storage: StorageAdapter) {
    const socket = connect();
    const client = new Client({
        url: "/graphql",
        fetch: session.fetch,
        preferGetMethod: false,
        exchanges: [
            cache(storage),
            waitExchange,
            fetchExchange,
            subscriptionExchange({
                forwardSubscription: ({ query, variables }) => ({
                    subscribe: (sink) => ({ unsubscribe: subscribe(socket, { query: query!, variables }, sink) }),
                }),
            }),
        ],
    });
    // A connection that is refused at this moment rejects the promise, and is closed as well.
    const close = () => void Promise.resolve(socket.dispose()).catch(() => {});
    return { client, close };
}
