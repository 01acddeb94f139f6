import { redirect } from "next/navigation";

/** Settings begins with its first page. */
export default function SettingsPage(): never {
  redirect("/settings/integrations");
}
