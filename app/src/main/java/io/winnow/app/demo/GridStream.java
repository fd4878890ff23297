package io.winnow.app.demo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A simulated electricity grid: eight substations of one standard class, spread over a country, that report every half
 * hour, with daily and weekly rhythm, weather, slow growth, and the physics that ties the fields of one reading together.
 * A pure function of seed and record number.
 *
 * <p>The relations: apparent power {@code S = √(P² + Q²)}; current {@code I = S / (√3·V)} on the high side, and on the low
 * side by the transformer's ratio, whose voltage sags with load; dew point by Magnus' formula from temperature and
 * humidity; gusts follow the wind; the transformer's oil warms with the square of its load over the last hours, and its
 * winding lies above the oil by the load to the power of 1.6 (IEC 60076-7). Sensors add noise within the accuracy of
 * ordinary instruments (0.1–0.5 %).
 */
final class GridStream {
    /** Number of substations; record {@code n} is from substation {@code n mod 8}. */
    static final int SITES = 8;

    /** Every numeric feature, in order. */
    static final List<String> NUMBERS = List.of(
            "demand",
            "reactive",
            "voltage_high",
            "voltage_low",
            "current_high",
            "current_low",
            "temperature",
            "humidity",
            "dew_point",
            "wind",
            "gust",
            "oil_temperature",
            "winding_temperature");

    /** MVA of a transformer: a standard size. */
    private static final double RATING = 63;
    /** Turns: 110 kV to 20 kV. */
    private static final double RATIO = 5.5;

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration STEP = Duration.ofMinutes(30);
    private static final double STEPS_PER_HOUR = 2;

    private final Noise weather;
    private final Noise load;
    private final Noise sensors;

    GridStream(long seed) {
        Noise noise = new Noise(seed);
        weather = noise.fork(1);
        load = noise.fork(2);
        sensors = noise.fork(3);
    }

    /** Record number {@code n}. */
    Reading at(long n) {
        int site = (int) (n % SITES);
        long step = n / SITES;
        Noise s = sensors.fork(n);

        double temperature = temperature(site, step);
        double humidity = humidity(site, step, temperature);
        double wind = wind(site, step);
        double utilization = utilization(site, step);
        double powerFactor =
                0.955 + 0.025 * utilization + 0.0015 * load.fork(60 + site).smooth(step / 30.0);
        double p = RATING * utilization;
        double q = p * Math.tan(Math.acos(powerFactor));
        double high =
                110 * (1.035 - 0.05 * utilization) + 0.4 * load.fork(80 + site).smooth(step / 8.0);
        double low = high / RATIO * (1 - 0.04 * utilization);
        double i = 1000 * Math.hypot(p, q) / (Math.sqrt(3) * high);
        double oil = temperature + 14 + 42 * slowSquare(site, step);
        double winding = oil + 22 * Math.pow(utilization, 1.6);
        double gust = wind * 1.45 + 0.4;

        double measuredT = temperature + 0.1 * s.normal(0);
        double measuredH = Math.min(99.5, humidity + 0.5 * s.normal(1));
        Map<String, String> values = new LinkedHashMap<>();
        values.put("ts", '"' + time(step).toString() + '"');
        values.put("site", '"' + name(site) + '"');
        put(values, "demand", p * (1 + 0.003 * s.normal(2)), 3);
        put(values, "reactive", q * (1 + 0.005 * s.normal(3)), 3);
        put(values, "voltage_high", high * (1 + 0.001 * s.normal(4)), 3);
        put(values, "voltage_low", low * (1 + 0.001 * s.normal(10)), 3);
        put(values, "current_high", i * (1 + 0.003 * s.normal(5)), 2);
        put(values, "current_low", i * RATIO * (1 + 0.003 * s.normal(12)), 1);
        put(values, "temperature", measuredT, 2);
        put(values, "humidity", measuredH, 2);
        put(values, "dew_point", dewPoint(measuredT, measuredH) + 0.05 * s.normal(6), 2);
        put(values, "wind", wind * (1 + 0.01 * s.normal(7)), 2);
        put(values, "gust", gust * (1 + 0.03 * s.normal(8)), 2);
        put(values, "oil_temperature", oil + 0.4 * s.normal(9), 2);
        put(values, "winding_temperature", winding + 0.4 * s.normal(13), 2);
        put(values, "price", price(site, step, utilization, wind, temperature) + 1.2 * s.normal(11), 2);
        return new Reading(name(site), values);
    }

    /** The demo's contract: no bounds that would do the detector's work. */
    static String contractYaml(int trainEveryRows) {
        StringBuilder yaml = new StringBuilder("""
                stream: grid
                key: site
                context: {per: key}
                time: {field: ts, format: iso-8601}
                features:
                  - {name: site, type: category}
                """);
        for (String field : NUMBERS) {
            boolean required = field.equals("demand") || field.equals("voltage_high") || field.equals("current_high");
            yaml.append("  - {name: ").append(field).append(", type: number");
            yaml.append(required ? ", required: true}\n" : "}\n");
        }
        return yaml.append("target: {name: price, type: number}\n")
                .append("hygiene: {quarantine-bits: 10}\n")
                .append("training: {every-rows: ")
                .append(trainEveryRows)
                .append(", every-minutes: 10}\n")
                .toString();
    }

    private static Instant time(long step) {
        return START.plus(STEP.multipliedBy(step));
    }

    private static String name(int site) {
        return "site-" + (site < 9 ? "0" : "") + (site + 1);
    }

    private double temperature(int site, long step) {
        double hour = step / STEPS_PER_HOUR;
        double daily = -4.5 * Math.cos(2 * Math.PI * (hour - 3) / 24);
        double season = 13 - 5 * Math.cos(2 * Math.PI * (hour / 24 + 40) / 365);
        // Fronts pass in two or three days and reach every site; far apart, each has weather of its own.
        return season
                + daily
                + 1.8 * weather.fork(1).smooth(hour / 60)
                + 2.2 * weather.fork(20 + site).smooth(hour / 12);
    }

    private double humidity(int site, long step, double temperature) {
        double hour = step / STEPS_PER_HOUR;
        double value = 72
                - 1.2 * (temperature - 11)
                + 3.5 * weather.fork(2).smooth(hour / 40)
                + 5 * weather.fork(40 + site).smooth(hour / 8);
        return 22 + 76 / (1 + Math.exp(-(value - 60) / 19));
    }

    private double wind(int site, long step) {
        double hour = step / STEPS_PER_HOUR;
        double logarithm = 1.55
                + 0.18 * weather.fork(3).smooth(hour / 30)
                + 0.28 * weather.fork(60 + site).smooth(hour / 5)
                - 0.12 * Math.cos(2 * Math.PI * (hour - 3) / 24);
        return Math.exp(logarithm);
    }

    /** Share of the rating that is used, about 0.3 to 0.95. */
    private double utilization(int site, long step) {
        double hour = step / STEPS_PER_HOUR;
        double ofDay = hour % 24;
        int day = (int) (hour / 24) % 7;
        double morning = Math.exp(-Math.pow((ofDay - 8.5) / 2.2, 2));
        double evening = Math.exp(-Math.pow((ofDay - 19) / 2.6, 2));
        double noon = Math.exp(-Math.pow((ofDay - 13) / 3.5, 2));
        double rhythm = 0.42 + 0.16 * morning + 0.22 * evening + 0.12 * noon;
        double week = day >= 5 ? 0.84 : 1;
        double heating = 0.006 * Math.max(0, 15 - temperature(site, step));
        double growth = 1 + 0.004 * hour / (24 * 7);
        double own = 0.03 * load.fork(site).smooth(hour / 4)
                + 0.02 * load.fork(20 + site).smooth(hour / 30);
        return (rhythm * week + heating) * growth + own;
    }

    /** Mean square of the utilization over the last three hours: oil is slow. */
    private double slowSquare(int site, long step) {
        double sum = 0;
        for (int back = 0; back <= 12; back += 3) {
            double u = utilization(site, step - back);
            sum += u * u;
        }
        return sum / 5;
    }

    /** Magnus' formula with Sonntag's coefficients (1990), °C from °C and %. */
    private static double dewPoint(double temperature, double humidity) {
        double gamma = Math.log(humidity / 100) + 17.62 * temperature / (243.12 + temperature);
        return 243.12 * gamma / (17.62 - gamma);
    }

    /**
     * €/MWh. Scarce power is dear out of proportion, wind is worth most when power is scarce, and the evening ramp costs
     * extra: not a line, and not what it was a quarter of an hour ago.
     */
    private double price(int site, long step, double utilization, double wind, double temperature) {
        double ofDay = step / STEPS_PER_HOUR % 24;
        double windShare = 1 / (1 + Math.exp(-(wind - 5.5) / 1.2));
        double scarcity = Math.max(0, utilization - 0.5 - 0.12 * windShare);
        double ramp = Math.exp(-Math.pow((ofDay - 18.5) / 1.5, 2));
        double cold = Math.max(0, 10 - temperature);
        return 34
                + 260 * scarcity * scarcity
                - 14 * windShare * (1 - ramp)
                + 9 * ramp
                + 0.25 * cold * cold * ramp
                + 0.4 * (site % 4);
    }

    private static void put(Map<String, String> values, String field, double value, int decimals) {
        values.put(
                field,
                BigDecimal.valueOf(value)
                        .setScale(decimals, RoundingMode.HALF_EVEN)
                        .toPlainString());
    }
}
