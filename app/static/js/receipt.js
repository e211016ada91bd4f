/** The page of a receipt: the response is durable on the server, so its draft may go. */

import { draftsIn } from "./drafts.js";

draftsIn(window.localStorage).remove(document.querySelector("[data-receipt]").dataset.receipt);
