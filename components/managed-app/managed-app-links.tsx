import { List, ListItem } from "@mantine/core";
import { TextLink } from "../ui/link.tsx";

/** Where a managed application's licenses and people are looked at. */
export function ManagedAppLinks({
  connectionId,
  seesPeople,
}: {
  readonly connectionId: string;
  readonly seesPeople: boolean;
}) {
  return (
    <List size="sm" spacing={4}>
      <ListItem>
        <TextLink href={`/connections/${connectionId}/mapping`} inherit underline="always">
          Licenses and products
        </TextLink>
        : what each license stands for
      </ListItem>
      {seesPeople && (
        <ListItem>
          <TextLink href={`/connections/${connectionId}/people`} inherit underline="always">
            People not found
          </TextLink>
          : accounts that are none of Microsoft’s
        </ListItem>
      )}
    </List>
  );
}
