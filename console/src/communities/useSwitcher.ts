/** Keeps the header's switcher and the page of one community in step: the page names itself, the switcher leads elsewhere. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

export function useSwitcher(community_id: string | undefined): void {
  const { community } = useSearch({ from: "/_in" });
  const navigate = useNavigate();
  const agreed = useRef(false);
  useEffect(() => {
    if (community_id === undefined) return;
    if (community === community_id) {
      agreed.current = true;
    } else if (!agreed.current) {
      // Somebody came by a bare link.
      void navigate({ to: ".", search: ((previous: object) => ({ ...previous, community: community_id })) as never, replace: true });
    } else {
      agreed.current = false;
      if (community === undefined) void navigate({ to: "/communities", search: {} });
      else void navigate({ to: "/communities/$communityId", params: { communityId: community }, search: { community } });
    }
  }, [community, community_id, navigate]);
}
