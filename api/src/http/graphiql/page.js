// The query editor with a sign-in above it. The token goes with every request; an Authorization of one's own in the
// editor's headers tab takes precedence.
"use strict";

const QUERY = `# Sign in above with an address and a password
# that the server printed at its first start,
# then press Ctrl-Enter.
query FirstLook {
  viewer {
    displayName
    role
    organization {
      name
    }
  }
  clients(first: 10) {
    nodes {
      id
      name
      status
    }
  }
}
`;

const SUBSCRIPTION = `# Press Ctrl-Enter, and change something in another
# browser tab: what happens appears here.
subscription Live {
  dossierEvents {
    cursor
    type
    occurredAt
    actor {
      displayName
    }
    client {
      name
    }
  }
}
`;

const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    accessToken
    userErrors { message }
  }
}`;

// Kept for this tab, until it is closed: two tabs may be two people.
const TOKEN = "dossier-token";

/** How long an answer, or a file of the editor, may take before the page says so, in milliseconds. */
const PATIENCE = 10_000;

const endpoint = new URL("/graphql", location.href);
const socket = new URL(endpoint);
socket.protocol = endpoint.protocol.replace("http", "ws");

/** The headers of a request; over WebSocket, the payload of `connection_init`. */
function signed(headers = {}) {
    const token = sessionStorage.getItem(TOKEN);
    const own = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
    return own || !token ? headers : { ...headers, Authorization: `Bearer ${token}` };
}

/** The data of an operation. An error has the API's code, or none if the server did not answer as the API does. */
async function ask(query, variables) {
    const response = await fetch(endpoint, {
        method: "POST",
        headers: signed({ "Content-Type": "application/json" }),
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(PATIENCE),
    }).catch(() => {
        throw new Error("The server does not answer.");
    });
    const { data, errors } = await response.json().catch(() => {
        throw new Error(`The server answers with status ${response.status}, and not as the API does.`);
    });
    if (errors) throw Object.assign(new Error(errors[0].message), { code: errors[0].extensions?.code });
    return data;
}

async function signIn(form) {
    const { email, password, organization } = Object.fromEntries(new FormData(form));
    const { signIn } = await ask(SIGN_IN, { input: { email, password, organization: organization || null } });
    if (!signIn.accessToken) throw new Error(signIn.userErrors[0].message);
    sessionStorage.setItem(TOKEN, signIn.accessToken);
    form.reset();
}

/** Forgets the token in any case, and says so if the server does not confirm the end of the session. */
async function signOut() {
    const answer = ask("mutation { signOut { signedOut } }");
    sessionStorage.removeItem(TOKEN);
    await answer.catch(({ code, message }) => {
        throw new Error(
            code === "UNAUTHENTICATED"
                ? "Signed out. The session had already ended."
                : `Signed out in this tab only. The server did not end the session: ${message}`,
        );
    });
}

/** Forgets a token that the server no longer takes: with it, the server would refuse everything. */
async function checkToken() {
    if (!sessionStorage.getItem(TOKEN)) return;
    const viewer = document.querySelector("#viewer");
    viewer.value = "Signed in";
    try {
        const data = await ask("{ viewer { displayName role } }");
        viewer.value = `${data.viewer.displayName} · ${data.viewer.role}`;
    } catch (error) {
        if (error.code !== "UNAUTHENTICATED") throw error;
        sessionStorage.removeItem(TOKEN);
        throw new Error("Your session has ended. Please sign in again.");
    }
}

/** Runs actions on the session, and then shows whose session it is and what went wrong. */
async function withSession(...actions) {
    const problem = document.querySelector("#problem");
    problem.value = "";
    const messages = [];
    for (const action of [...actions, checkToken]) await action().catch((error) => messages.push(error.message));
    problem.value = messages.join(" ");
    const isSignedIn = sessionStorage.getItem(TOKEN) !== null;
    document.querySelector("#sign-in").hidden = isSignedIn;
    document.querySelector("#sign-out").hidden = !isSignedIn;
}

function onSubmit(id, action) {
    document.querySelector(id).addEventListener("submit", (event) => {
        event.preventDefault();
        withSession(() => action(event.target));
    });
}

/** Inserts the editor's files, and starts it once all are there, however late. */
function loadEditor() {
    const elements = [...document.importNode(document.querySelector("#assets").content, true).children];
    const missing = new Set(elements);
    const showMissing = () => {
        const items = [...missing].map((element) => {
            const item = document.createElement("li");
            item.textContent = element.src ?? element.href;
            return item;
        });
        document.querySelector("#missing ul").replaceChildren(...items);
        document.querySelector("#missing").hidden = items.length === 0;
    };
    // Without an answer, a browser waits for minutes.
    const patience = setTimeout(showMissing, PATIENCE);
    for (const element of elements) {
        element.addEventListener("error", showMissing);
        element.addEventListener("load", () => {
            missing.delete(element);
            if (missing.size > 0) return;
            clearTimeout(patience);
            showMissing();
            startEditor();
        });
        // Inserted scripts run in any order unless this is false.
        element.async = false;
        document.querySelector("link[rel=stylesheet]").before(element);
    }
}

function startEditor() {
    const fetcher = GraphiQL.createFetcher({ url: endpoint.href, subscriptionUrl: socket.href });
    const editor = React.createElement(GraphiQL, {
        fetcher: (request, options) => fetcher(request, { ...options, headers: signed(options?.headers) }),
        defaultTabs: [{ query: QUERY }, { query: SUBSCRIPTION }],
    });
    ReactDOM.createRoot(document.querySelector("#editor")).render(editor);
}

onSubmit("#sign-in", signIn);
onSubmit("#sign-out", signOut);
withSession();
loadEditor();
