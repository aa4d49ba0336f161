import { initializeApp } from "@firebase/app";
import {
  type AppCheck,
  getLimitedUseToken,
  initializeAppCheck,
  ReCaptchaEnterpriseProvider,
} from "@firebase/app-check";
import type { AppCheck as Keys } from "../contract/http.gen";

let ready: AppCheck | null = null;

/**
 * A token of Firebase App Check for one call. Google's reCAPTCHA looks at the browser for it. Rejects when Firebase or
 * reCAPTCHA can't be reached, is blocked, or takes this for a robot.
 */
export async function token({ app_id, api_key, site_key }: Keys): Promise<string> {
  ready ??= initializeAppCheck(
    // The project's number is part of the app's id, and stands for its name.
    initializeApp({ appId: app_id, apiKey: api_key, projectId: app_id.split(":")[1] ?? "" }),
    { provider: new ReCaptchaEnterpriseProvider(site_key), isTokenAutoRefreshEnabled: false },
  );
  return (await getLimitedUseToken(ready)).token;
}
