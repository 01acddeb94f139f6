import { EmptyState } from "../ui/empty-state.tsx";
import { RefreshWhile } from "../ui/refresh-while.tsx";

/** Where the newest imports are not matched yet; the page is renewed until they are. */
export function MatchingNote() {
  return (
    <div role="status">
      <EmptyState title="People are still being looked up">
        One side was imported anew, and its accounts are compared with those of the other. Who was
        not found appears here when all of it is known; licenses and seats are up to date already.
        If it takes longer than a few minutes, tell whoever runs this installation: a worker does
        it.
      </EmptyState>
      <RefreshWhile />
    </div>
  );
}
