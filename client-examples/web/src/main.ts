import "./theme/mantine.css";
import "./theme/font.css";
import "./theme/tokens.css";
import { session } from "./session/session";
import { activate, initialLanguage } from "./text/language";

// The session continues, and the texts arrive, while the much larger rest is still loading. There is no `await` here,
// because the rest imports modules of this file, which would then wait for each other.
void session.start();
void Promise.all([import("./app"), activate(initialLanguage())]).then(([{ start }]) => start());
