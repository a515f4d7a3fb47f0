package stir.api.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks tests that compare numbers from native kernels, with committed values or between two ways
 * of computing. Which kernels run depends on the processor, so the build repeats these tests with
 * other instruction sets and numbers of threads (Maven profile {@code kinds}). A test with the tag
 * {@code once}, too, runs kernels that another one of its module repeats, and is not repeated. The
 * message of a failure names the machine and its settings.
 */
@Tag("numerical")
@ExtendWith(MachineInMessage.class)
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Numerical {}
