package io.github.proxytelemetry.testbed;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Says that a test starts programs found on the {@code PATH}. Without one of them the test is
 * skipped, except where the environment variable {@code CI} is {@code true}: there it fails, since
 * a test that never runs proves nothing.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag("external")
@ExtendWith(RequiresProgramExtension.class)
public @interface RequiresProgram {
  /** Names as typed in a shell, such as {@code prometheus}. */
  String[] value();
}
