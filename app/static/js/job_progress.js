/** Follows the jobs of a page: asks how far each is, less often the longer nothing changes. */

const FIRST_MS = 700;
const LONGEST_MS = 8000;
const SLOWER = 1.3;

for (const job of document.querySelectorAll("[data-job]")) follow(job, FIRST_MS);

function follow(job, waitMs) {
  setTimeout(async () => {
    const told = await ask(job.dataset.job);
    if (told === undefined) return follow(job, Math.min(waitMs * 2, LONGEST_MS));
    if (told.state !== "waiting" && told.state !== "running") return location.reload();
    const moved = show(job, told);
    follow(job, moved ? FIRST_MS : Math.min(waitMs * SLOWER, LONGEST_MS));
  }, waitMs);
}

/** What the server tells; nothing while it or the network is away, or the session has ended. */
async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok && !answer.redirected ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

/** Whether anything on the page changed. */
function show(job, { done, total, text }) {
  const bar = job.querySelector("progress");
  const words = job.querySelector("[data-told]");
  if (total > 0) {
    bar.max = total;
    bar.value = done;
  }
  const moved = words.textContent !== text;
  if (moved) words.textContent = text;
  return moved;
}
