/** A point of the simulated plane, metres east and north of the city's centre. */
export interface Place {
  readonly eastM: number;
  readonly northM: number;
}

export interface LatLng {
  readonly latitude: number;
  readonly longitude: number;
}

const METRES_PER_DEGREE = 111_195;

/** Between the plane and the globe: equirectangular about the centre, good to 0.1 % over a city. */
export interface Projection {
  toLatLng(place: Place): LatLng;
  toPlace(at: LatLng): Place;
}

export function createProjection(centre: LatLng): Projection {
  const metresPerDegreeEast = METRES_PER_DEGREE * Math.cos((centre.latitude * Math.PI) / 180);
  return {
    toLatLng: (place) => ({
      latitude: centre.latitude + place.northM / METRES_PER_DEGREE,
      longitude: centre.longitude + place.eastM / metresPerDegreeEast,
    }),
    toPlace: (at) => ({
      eastM: (at.longitude - centre.longitude) * metresPerDegreeEast,
      northM: (at.latitude - centre.latitude) * METRES_PER_DEGREE,
    }),
  };
}

export function distanceM(a: Place, b: Place): number {
  return Math.hypot(a.eastM - b.eastM, a.northM - b.northM);
}
