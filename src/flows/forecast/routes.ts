import { route, type Route } from '#lib/route.ts';
import * as contract from './contract.ts';
import { forecastFlow, type ForecastDeps } from './forecast.ts';

export function flowForecastRoutes(deps: ForecastDeps): Route[] {
  return [route(contract.forecastFlow, ({ projectId, body }) => forecastFlow(deps, projectId, body))];
}
