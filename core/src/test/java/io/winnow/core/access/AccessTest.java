package io.winnow.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "127.0.0.1", "[::1]", "[::1]:9250"})
    void loopbackIsLoopback(String host) {
        assertThat(Access.isLoopback(host)).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "example.org", "localhost.example.org:80", "127.0.0.1.example.org", "::1", "10.0.0.1:80"})
    void everythingElseIsNot(String host) {
        assertThat(Access.isLoopback(host)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Bearer secret,true", "bearer  secret ,true", "Bearer secre,false", "Basic secret,false", ",false"})
    void onlyTheTokenGrants(String authorization, boolean granted) {
        assertThat(new Access("secret").grants(authorization)).isEqualTo(granted);
    }

    @Test
    void aPageOfAnotherOriginIsNotItsOwn() {
        assertThat(Access.isOwnPage(null, "localhost:1")).isTrue();
        assertThat(Access.isOwnPage("http://localhost:1", "localhost:1")).isTrue();
        assertThat(Access.isOwnPage("http://localhost:2", "localhost:1")).isFalse();
        assertThat(Access.isOwnPage("null", "localhost:1")).isFalse();
    }

    @Test
    void withoutATokenThereIsNoAccess() {
        assertThatThrownBy(() -> new Access(" ")).isInstanceOf(IllegalArgumentException.class);
    }
}
